// Tests of BlackBox.
