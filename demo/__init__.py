"""The demonstration: a fictional association and the little web that shows it. Everything here is made up."""
