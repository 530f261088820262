"""The life of a declaration as a fold over its versions and events; references by which events find it."""
