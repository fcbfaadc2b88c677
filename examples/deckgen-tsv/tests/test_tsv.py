"""An exporter's own tests: deckgen brings those that every exporter should pass."""

from deckgen.testing import conformance


def test_it_behaves_as_an_exporter_should() -> None:
    assert conformance("tsv") == []
