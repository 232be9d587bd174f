import type { ReactNode } from 'react'
import type { Shape, Tone, Wording } from '../format/words.ts'
import styles from './mark.module.css'

const drawings: Record<Shape, ReactNode> = {
  ring: <circle cx="6" cy="6" r="4" fill="none" stroke="currentColor" strokeWidth="1.6" />,
  dot: <circle cx="6" cy="6" r="3" fill="currentColor" />,
  diamond: <path d="M6 0.8 11.2 6 6 11.2 0.8 6Z" fill="currentColor" />,
  triangle: <path d="M6 0.6 11.7 11H0.3Z" fill="currentColor" />,
  dashed: (
    <circle cx="6" cy="6" r="4.4" fill="none" stroke="currentColor" strokeWidth="1.8" strokeDasharray="2.3 2.3" />
  ),
  tick: <path d="M1.5 6.5 4.5 9.5 10.5 2.5" fill="none" stroke="currentColor" strokeWidth="1.8" />,
  cross: <path d="M2 2 10 10M10 2 2 10" fill="none" stroke="currentColor" strokeWidth="2" />,
  square: <path d="M1.5 1.5h9v9h-9Z" fill="currentColor" />,
  arrow: <path d="M1.5 6h8M6.5 2.5 10 6 6.5 9.5" fill="none" stroke="currentColor" strokeWidth="1.6" />,
  bar: <path d="M1.5 6h9" fill="none" stroke="currentColor" strokeWidth="1.8" />,
}

/** A state's shape in its tone, without its word. */
export function Glyph({ shape, tone, title }: { shape: Shape; tone: Tone; title?: string }) {
  if (title)
    return (
      <svg className={styles.glyph} data-tone={tone} viewBox="0 0 12 12" role="img" aria-label={title}>
        <title>{title}</title>
        {drawings[shape]}
      </svg>
    )
  return (
    <svg className={styles.glyph} data-tone={tone} viewBox="0 0 12 12" aria-hidden="true">
      {drawings[shape]}
    </svg>
  )
}

/** A state: shape and word, coloured only where someone must act. */
export function Mark({ word, tone, shape }: Wording) {
  return (
    <span className={styles.mark} data-tone={tone}>
      <Glyph shape={shape} tone={tone} />
      {word}
    </span>
  )
}
