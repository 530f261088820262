"""The canonical declaration, and every format that is read into it."""
