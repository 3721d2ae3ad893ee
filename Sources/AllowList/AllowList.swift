// The room AllowList.
