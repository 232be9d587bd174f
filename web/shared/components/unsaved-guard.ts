import { useBlocker } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'

/**
 * Asks before a page with unsaved edits is left, by a link as by closing the tab. Answers a function that lets the next way out pass, for
 * a form that has just been saved; it holds until there are edits again.
 */
export function useUnsavedGuard(isDirty: boolean): () => void {
  const isReleased = useRef(false)
  useEffect(() => {
    if (!isDirty) isReleased.current = false
  }, [isDirty])
  const holds = () => isDirty && !isReleased.current
  useBlocker({
    shouldBlockFn: () => holds() && !window.confirm('What you entered is not saved. Leave anyway?'),
    enableBeforeUnload: holds,
  })
  return () => {
    isReleased.current = true
  }
}
