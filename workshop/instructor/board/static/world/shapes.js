// Shapes that canvases lack, filled with the current style.

export function circle(ctx, x, y, radius) {
  ctx.beginPath();
  ctx.arc(x, y, radius, 0, 2 * Math.PI);
  ctx.fill();
}

export function roundedBox(ctx, x, y, width, height, radius) {
  ctx.beginPath();
  ctx.roundRect(x, y, width, height, radius);
  ctx.fill();
}

/** Corners around a body of the radius, rounded by a line of the same colour; none for a circle. */
export function outlined(ctx, corners, x, y, radius) {
  if (corners.length === 0) return circle(ctx, x, y, radius);
  ctx.beginPath();
  for (const [dx, dy] of corners) ctx.lineTo(x + dx * radius, y + dy * radius);
  ctx.closePath();
  ctx.fill();
}
