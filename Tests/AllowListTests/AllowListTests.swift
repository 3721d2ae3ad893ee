// Tests of AllowList.
