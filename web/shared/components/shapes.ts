import type { Shape } from '../format/words.ts'

/** How a mark is drawn in a square of 12 by 12: filled, or a line of a width. */
export interface Drawing {
  path: string
  /** Width of the line; a shape without one is filled. */
  line?: number
  dash?: readonly [number, number]
}

const circle = (radius: number) =>
  `M${6 + radius} 6A${radius} ${radius} 0 1 1 ${6 - radius} 6A${radius} ${radius} 0 1 1 ${6 + radius} 6Z`

/** The shapes that tell states apart without colour, on screens and on the map. */
export const drawings: Readonly<Record<Shape, Drawing>> = {
  ring: { path: circle(4), line: 1.6 },
  dot: { path: circle(3) },
  diamond: { path: 'M6 0.8 11.2 6 6 11.2 0.8 6Z' },
  triangle: { path: 'M6 0.6 11.7 11H0.3Z' },
  dashed: { path: circle(4.4), line: 1.8, dash: [2.3, 2.3] },
  tick: { path: 'M1.5 6.5 4.5 9.5 10.5 2.5', line: 1.8 },
  cross: { path: 'M2 2 10 10M10 2 2 10', line: 2 },
  square: { path: 'M1.5 1.5h9v9h-9Z' },
  arrow: { path: 'M1.5 6h8M6.5 2.5 10 6 6.5 9.5', line: 1.6 },
  bar: { path: 'M1.5 6h9', line: 1.8 },
}
