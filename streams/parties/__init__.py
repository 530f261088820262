"""Who a declaration names: roles, and the keys by which firms, numbers, telephones, e-mails and addresses are compared."""
