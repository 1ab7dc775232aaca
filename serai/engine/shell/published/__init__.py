"""Published files: a public page is rendered once and served as a compressed file until what it shows changes.

A view says what its page depends on (`response.serai_keys`, `response.serai_expires`); the rest happens here:

    middleware.py   stores a page on its way out          layer.py       serves it in front of Django
    folder.py       how pages lie on disk                 assets.py      static files and media
    touches.py      which changes came after a moment     following.py   takes stale pages away, on every server
    generation.py   one folder for each state of the code  front.py       what nginx in front must know
"""
