"""Reports: what a run found, in, one self-contained page or hand-over pack out."""
