"""What people read: tables, feedback pages, CSV files, the leaderboard."""
