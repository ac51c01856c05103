"""The public names of the package."""

from __future__ import annotations

import pytest

import diffusion


def test_every_public_name_can_be_used_and_no_other():
    assert dir(diffusion) == sorted(diffusion.__all__)
    assert len(diffusion.__all__) <= 20
    for name in diffusion.__all__:
        assert getattr(diffusion, name).__name__ == name
    with pytest.raises(AttributeError, match="no attribute 'Networks'"):
        diffusion.Networks  # noqa: B018 - the look-up is the test
