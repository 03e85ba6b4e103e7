"""The lecturer's side: lessons are built, verified and graded. Needs the [instructor] extra."""
