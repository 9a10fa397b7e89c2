"""What we observe: visits become pages here, politely and safely."""
