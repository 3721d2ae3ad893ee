// The room Catalog.
