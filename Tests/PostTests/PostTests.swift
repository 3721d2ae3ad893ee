// Tests of Post.
