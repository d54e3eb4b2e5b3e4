"""What owners, admins and analysts see of everybody: the organisation's opens, by person and department."""
