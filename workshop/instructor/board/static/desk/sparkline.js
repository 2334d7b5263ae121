import { svg } from "../page/dom.js";

const HEIGHT = 20;

/** A small curve of the newest values. */
export function sparkline(values, most) {
  const height = (value) => HEIGHT - 1 - ((HEIGHT - 2) * Math.min(value, most)) / most;
  const points = values.map((value, index) => `${index} ${height(value).toFixed(1)}`);
  const path = svg("path", { d: points.length > 1 ? `M${points.join("L")}` : "" });
  const viewBox = `0 0 ${Math.max(values.length - 1, 1)} ${HEIGHT}`;
  const curve = svg("svg", { class: "spark", viewBox, preserveAspectRatio: "none" });
  curve.append(path);
  return curve;
}
