"""The glossary."""

from __future__ import annotations

import streamlit as st

_WORDS = {
    "Arm": "One way to train the model that is compared: real rows only, with class weights, with rows by Trees …",
    "AUC": "How well a score ranks: the chance that a row with the outcome scores above one without. 0.5 is guessing, "
    "1 is perfect.",
    "Augmentation": "Adding synthetic rows to the real ones before training.",
    "Budget (ε)": "What may be given away about one person, over all releases together.",
    "Calibration": "Whether 30 % means 30 %: of rows that get this probability, 30 in 100 have the outcome.",
    "Committee labels": "Several models say how probable each outcome of a synthetic row is, instead of its generator.",
    "Differential privacy": "A promise: what is released says almost the same with and without any one person.",
    "Discriminator": "The half of a GAN that tells made rows from real ones.",
    "Drift": "A change over time in the columns or in the outcome.",
    "Fidelity": "How close synthetic rows are to real ones, column by column and together.",
    "Fold": "One of several parts of the training rows; each is scored once by models that have not seen it.",
    "Holdout": "Real rows locked away before anything is learned, scored once at the end.",
    "Interval (95 %)": "The range that holds the true value in 19 of 20 such studies.",
    "KL divergence": "How far one distribution is from another; 0 is the same, 0.12 a usual, loose limit.",
    "Learning curve": "The score by number of real training rows: steep means that more rows help.",
    "Leak": "Something known only after the outcome, or a row on both sides of the split. Scores become too good.",
    "Lift": "What synthetic rows add to a model, on real rows nobody trained on. Also: how many times more outcomes "
    "the top tenth holds.",
    "Membership inference": "Guessing from the rows whether a person was in the training table.",
    "Oversampling": "More rows of the rare outcome, repeated or mixed.",
    "Removal effect": "In attribution: the share of conversions lost if a channel is taken away.",
    "Sensitive column": "Names, addresses, click ids …: never shown to a model, never released as it is.",
    "Threshold": "The probability from which a model says “yes”. 50 % unless it is moved.",
    "Touchpoint": "One contact of a customer with a channel.",
    "Verdict": "Helps, hurts, no evidence, or no verdict, with an interval.",
}


def lesson() -> None:
    """Every term, and a field that finds it."""
    st.header("Glossary", anchor=False)
    asked = st.text_input("Find a word", key="guide-word", placeholder="holdout").strip().lower()
    found = {w: said for w, said in _WORDS.items() if asked in f"{w} {said}".lower()}
    if not found:
        st.caption("Not in the glossary. Try a shorter word.")
    st.markdown("\n".join(f"- **{word}.** {said}" for word, said in found.items()))
