"""What people read of data and runs."""
