import type { Shape, Tone, Wording } from '../format/words.ts'
import styles from './mark.module.css'
import { drawings } from './shapes.ts'

/** The drawing of a shape, in the colour of the text around it. */
function Drawn({ shape }: { shape: Shape }) {
  const { path, line, dash } = drawings[shape]
  if (line === undefined) return <path d={path} fill="currentColor" />
  return <path d={path} fill="none" stroke="currentColor" strokeWidth={line} strokeDasharray={dash?.join(' ')} />
}

/** A state's shape in its tone, without its word. */
export function Glyph({ shape, tone, title }: { shape: Shape; tone: Tone; title?: string }) {
  if (title)
    return (
      <svg className={styles.glyph} data-tone={tone} viewBox="0 0 12 12" role="img" aria-label={title}>
        <title>{title}</title>
        <Drawn shape={shape} />
      </svg>
    )
  return (
    <svg className={styles.glyph} data-tone={tone} viewBox="0 0 12 12" aria-hidden="true">
      <Drawn shape={shape} />
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
