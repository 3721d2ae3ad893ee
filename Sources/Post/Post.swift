// The room Post.
