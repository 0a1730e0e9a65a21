"""Who may do what with which patient: the only way to a patient's rows."""
