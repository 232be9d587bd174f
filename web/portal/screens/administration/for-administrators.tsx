import type { ReactNode } from 'react'
import { Notice } from '../../../shared/components/notice.tsx'
import { Page } from '../../../shared/components/page.tsx'
import { useRefusal } from '../../session.ts'

/** A screen that the server answers to administrators alone; everybody else is told so in its place. */
export function ForAdministrators({ title, children }: { title: string; children: ReactNode }) {
  const refusal = useRefusal('administrator')
  if (refusal === null) return children
  return (
    <Page title={title}>
      <Notice tone="risk">{refusal}</Notice>
    </Page>
  )
}
