"""What is left of distutils in sources from before Python 3.12."""
