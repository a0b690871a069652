"""Start: what this is, when not to use it, and one button that leads to a verdict."""

import streamlit as st

from pages.ui import frame, samples, stored_runs, text, workspace

with frame.page("Does synthetic data help here?"):
    st.html(
        '<p class="lede">Make synthetic rows from a real table, see how close they are, and learn whether a model '
        "trained with them does better on <b>real rows nobody trained on</b>. The answer is allowed to be no.</p>"
    )
    with st.container(horizontal=True, key="start-actions"):
        if st.button("Try the travel sample", type="primary", icon=":material/play_arrow:", key="sample-travel"):
            samples.use("travel", "Generate")
        if st.button("Try the card-fraud sample", key="sample-fraud"):
            samples.use("fraud", "Generate")
        if st.button("Upload a table", icon=":material/upload:", key="go-upload"):
            frame.go("Data")
        if st.button("Start without data", icon=":material/architecture:", key="go-blueprint"):
            frame.go("Blueprint")
        if st.button("Grade attribution models", icon=":material/route:", key="go-journeys"):
            frame.go("Journeys")
        if st.button("Write in a brand's voice", icon=":material/record_voice_over:", key="go-voice"):
            frame.go("Voice")
        if st.button("Open a hand-over pack", icon=":material/unarchive:", key="go-pack"):
            frame.go("Report", view="open")
    st.caption(f"The samples are simulated by a written rule: {samples.about()}")

    steps, limits = st.columns(2, gap="large")
    with steps:
        st.header("Five steps", anchor=False)
        st.markdown(
            "1. **Generate** rows with trees, SMOTE, a copula or a neural network.\n"
            "2. **Fidelity** compares every column and pair of columns with the real ones.\n"
            "3. **Privacy** attacks them, to see whether they give a real person away.\n"
            "4. **Lift** trains with and without them and scores both on a locked real holdout.\n"
            "5. **Prospective** freezes both models and scores new leads with them, to see later who was right."
        )
    with limits:
        st.header("When it is the wrong tool", anchor=False)
        st.markdown(
            "- You can get more real rows: they are better.\n"
            "- Fewer than 50 rows of the outcome: no method can prove a gain.\n"
            "- The outcome changed since the data were recorded: copies of the past do not help.\n"
            "- You need certainty about a person: synthetic rows are not a record of anyone."
        )

    tables = workspace.library().list()[:5]
    runs = workspace.store().list()[:5]
    if tables or runs:
        st.divider()
        left, right = st.columns(2, gap="large")
        with left:
            st.header("Recent tables", anchor=False)
            for item in tables:
                st.page_link(
                    frame.path_of("Data"),
                    label=f"{item.name} · {text.count(item.rows)} rows",
                    icon=":material/table_view:",
                    query_params={"dataset": item.id},
                )
        with right:
            st.header("Recent runs", anchor=False)
            for run in runs:
                stored_runs.link(run)
            if not runs:
                st.caption("None yet.")
