"""The sections of a report: each a module whose function returns its Markdown, or nothing where nothing is to say."""
