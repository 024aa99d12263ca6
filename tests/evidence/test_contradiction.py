import pickle

from attrition.evidence import Contradiction

TWO = Contradiction(
    p_value=0.03,
    by_claim={"officials": 0.6, "article": 0.004},
    among_claims=0.12,
    method="exact",
    error=0.0,
)
ONE = Contradiction(
    p_value=0.5, by_claim={"officials": 0.5}, among_claims=None, method="importance", error=1e-4
)


class TestContradiction:
    def test_sentences(self) -> None:
        """A sentence for all claims, for each, and for the claims alone."""
        assert TWO.sentences() == (
            "Claims as far from what was known before as these: almost no chance (3 %).",
            'A claim as far from all the rest as "officials": likely (60 %).',
            'A claim as far from all the rest as "article": below 1 % (outside the ICD 203 table).',
            "Claims as far from each other: very unlikely (12 %).",
        )

    def test_one_claim(self) -> None:
        """One claim is compared with what was known, and with nothing else."""
        assert str(ONE) == (
            "Claims as far from what was known before as these: roughly even chance (50 %)."
        )

    def test_text(self) -> None:
        """It prints its sentences."""
        assert str(TWO).splitlines() == list(TWO.sentences())

    def test_pickle_and_hash(self) -> None:
        """It is its fields."""
        assert pickle.loads(pickle.dumps(TWO)) == TWO
        assert hash(ONE) == hash(pickle.loads(pickle.dumps(ONE)))
