"""The Mesa server: watch, question and compare runs in the browser.

``app`` is what the browser sees; ``serving`` starts it. Pages are made of
Solara components (names in capitals) and of two drawn in the browser
(``network.vue``, ``curve.vue``); everything that they show is worked out in
modules without pages: ``played``, ``drawing``, ``happenings``, ``coordinates``.
"""
