"""The federation's site: a static folder that works from a disk and from any web server, and asks for nothing."""
