import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { FileUpload, Flaws } from '../../../shared/components/file-upload.tsx'
import { Notice, ProblemNotice } from '../../../shared/components/notice.tsx'
import { Page, Section, Stack } from '../../../shared/components/page.tsx'
import { count } from '../../../shared/format/power.ts'
import type { useRefusal } from '../../session.ts'
import { NetworkTabs } from '../network/tabs.tsx'
import { flawsOf } from './flaws.ts'
import { type Stated, StatedFields } from './stated-fields.tsx'

interface UploadFileProps {
  /** What the file holds: `load history`. */
  subject: string
  columns: string
  refusal: ReturnType<typeof useRefusal>
  /** Whether it has loads of nodes, which are held back where no such node carries them. */
  hasLoads: boolean
  /** Whether a person must say which end of a half-hour its times name. */
  hasStamp: boolean
  /** Checks or stores it; answers how many rows it has, with more words where there are some. */
  send: (body: Blob, stated: Stated, dryRun: boolean) => Promise<{ rows: number; words?: string }>
  /** What is there already, below the form. */
  present?: ReactNode
  /** What the file is, and what storing it does. */
  children: ReactNode
}

/** A screen on which a file of times and values is checked, and stored only once every row is right. */
export function UploadFile(props: UploadFileProps) {
  const { subject, columns, refusal, hasLoads, hasStamp, send, present, children } = props
  const [file, setFile] = useState<File | null>(null)
  const [stated, setStated] = useState<Stated>({ stamp: 'period-start', zone: undefined, implausible: 'refuse' })
  const queries = useQueryClient()
  const upload = useMutation({
    mutationFn: async (dryRun: boolean) => ({ ...(await send(file ?? new Blob(), stated, dryRun)), dryRun }),
    onSuccess: ({ dryRun }) => {
      if (!dryRun) void queries.invalidateQueries()
    },
  })
  const outcome = upload.data
  const flaws = flawsOf(upload.error)
  const isReady = outcome?.dryRun === true && outcome.rows > 0
  return (
    <Page title="Network">
      <NetworkTabs />
      <Section title={`Upload ${subject}`}>
        <Stack>
          {children}
          <p className="rm-secondary">Columns: {columns}.</p>
          <StatedFields
            stated={stated}
            hasLoads={hasLoads}
            hasStamp={hasStamp}
            onChange={(changed) => {
              setStated(changed)
              // What was checked was checked under other statements.
              upload.reset()
            }}
          />
          <FileUpload
            label={`File of ${subject}`}
            file={file}
            onFile={(chosen) => {
              setFile(chosen)
              upload.reset()
            }}
            refusal={refusal}
            isPending={upload.isPending}
            upload={(dryRun) => upload.mutate(dryRun)}
            checked={isReady ? count(outcome.rows, 'row') : null}
          />
        </Stack>
      </Section>
      {upload.isError && !flaws && <ProblemNotice error={upload.error} />}
      {flaws && <Flaws flaws={flaws} flawCount={flaws.length} />}
      {outcome && <Result {...outcome} />}
      {present}
    </Page>
  )
}

function Result({ dryRun, rows, words }: { dryRun: boolean; rows: number; words?: string }) {
  if (rows === 0) return <Notice tone="risk">The file has headings but no rows: there is nothing to store.</Notice>
  const title = dryRun ? `${count(rows, 'row')} checked without errors` : `${count(rows, 'row')} stored`
  return (
    <Notice title={title}>
      {words} {dryRun && 'Nothing is stored yet.'}
    </Notice>
  )
}
