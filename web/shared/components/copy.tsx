import { Button } from '@mantine/core'
import { useState } from 'react'

/** Copies a text, and says so; nothing where the browser offers no clipboard, as on pages without HTTPS. */
export function Copy({ label, text }: { label: string; text: string }) {
  const [done, setDone] = useState(false)
  if (!('clipboard' in navigator)) return null
  return (
    <Button
      size="compact-xs"
      aria-label={label}
      onClick={() => void navigator.clipboard.writeText(text).then(() => setDone(true))}
    >
      {done ? 'Copied' : 'Copy'}
    </Button>
  )
}
