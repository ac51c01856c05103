"""Who knows whom: networks, their files, their measures."""
