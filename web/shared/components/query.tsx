import { Loader } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import { type ReactNode, useEffect, useState } from 'react'
import { ProblemNotice } from './notice.tsx'
import styles from './query.module.css'

/** A sign of waiting, shown only when it takes longer than a blink. */
export function Waiting() {
  const [late, setLate] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 400)
    return () => clearTimeout(timer)
  }, [])
  return (
    <div className={styles.waiting} aria-busy="true">
      {late && <Loader size="sm" role="status" aria-label="Loading" />}
    </div>
  )
}

/** Shows a query's data; before that a sign of waiting, or the problem. With data on the screen a failed refresh is told above them. */
export function Loaded<T>({ query, children }: { query: UseQueryResult<T, Error>; children: (data: T) => ReactNode }) {
  if (query.data !== undefined)
    return (
      <>
        {query.isError && <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />}
        {children(query.data)}
      </>
    )
  if (query.isError) return <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />
  return <Waiting />
}
