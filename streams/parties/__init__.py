"""Who a declaration names. So far: texts that stand where a name or a number should and name nobody."""
