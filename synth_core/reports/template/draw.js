(() => {
  const PAGE = 800; // CSS pixels between the margins of an A4 page, at the zoom of the print style
  const PAIR = 388; // and of one of two charts side by side
  const charts = [];
  const onPaper = (plot) => ({ width: plot.closest(".pair") ? PAIR : PAGE, autosize: false });
  const onScreen = () => ({ width: null, autosize: true });
  const fit = (size) => charts.forEach((plot) => Plotly.relayout(plot, size(plot)));
  document.querySelectorAll("[data-chart]").forEach((figure) => {
    const plot = figure.querySelector(".plot");
    const { data, layout } = JSON.parse(figure.querySelector("script").textContent);
    Plotly.newPlot(plot, data, layout, { displayModeBar: false, displaylogo: false, responsive: true });
    charts.push(plot);
  });
  addEventListener("beforeprint", () => fit(onPaper));
  addEventListener("afterprint", () => fit(onScreen));
})();
