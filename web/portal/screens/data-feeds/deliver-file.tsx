import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { operations } from '../../../../schemas/operations.ts'
import type { DataFeed } from '../../../../schemas/planning/data-feeds.ts'
import { uploading } from '../../../shared/api/upload.ts'
import { Notice, ProblemNotice } from '../../../shared/components/notice.tsx'
import { Section, Stack } from '../../../shared/components/page.tsx'
import { fixed, percent } from '../../../shared/format/power.ts'
import { dataFeedsQuery } from '../../data-feed-queries.ts'
import styles from './data-feeds.module.css'
import { deliveryWords, rowsInWords } from './words.ts'

interface DeliverFileProps {
  feed: DataFeed
  onDelivered: (deliveryId: string) => void
}

/** Delivers a file in the provider’s place, when it came by another way. It is kept first and then read, as its own deliveries are. */
export function DeliverFile({ feed: { feedId, isActive }, onDelivered }: DeliverFileProps) {
  const input = useRef<HTMLInputElement>(null)
  const [file, setFile] = useState<File | null>(null)
  // One key for all attempts of a file: what broke off is taken once.
  const [key, setKey] = useState(() => crypto.randomUUID())
  const [sent, setSent] = useState(0)
  const queries = useQueryClient()
  const deliver = useMutation({
    mutationFn: (chosen: File) => {
      setSent(0)
      const query = { name: chosen.name.slice(0, 200) }
      return uploading(setSent).call(operations.deliverDataFile, {
        params: { feedId },
        query,
        body: chosen,
        idempotencyKey: key,
      })
    },
    async onSuccess({ delivery }) {
      await queries.invalidateQueries({ queryKey: dataFeedsQuery.queryKey })
      onDelivered(delivery.deliveryId)
    },
  })
  const { delivery, isRepeat } = deliver.data ?? {}
  return (
    <Section title="Deliver a file in the provider’s place">
      <Stack>
        <div className={styles.row}>
          <input
            ref={input}
            type="file"
            accept=".csv,text/csv"
            className="rm-sr-only"
            tabIndex={-1}
            aria-label="File of the feed"
            onChange={(event) => {
              setFile(event.currentTarget.files?.[0] ?? null)
              setKey(crypto.randomUUID())
              deliver.reset()
            }}
          />
          <Button disabled={!isActive} onClick={() => input.current?.click()}>
            Choose a file
          </Button>
          <span className="rm-secondary">{wordsOf(file, isActive)}</span>
          <Button
            variant="filled"
            disabled={!file || !isActive}
            loading={deliver.isPending}
            onClick={() => file && deliver.mutate(file)}
          >
            Deliver
          </Button>
          {deliver.isPending && (
            <span className="rm-secondary" role="status">
              {sent < 1 ? `${percent(sent, 0)} sent` : 'Sent; the server reads the rows'}
            </span>
          )}
        </div>
        {deliver.isError && <ProblemNotice error={deliver.error} />}
        {delivery && (
          <Notice
            tone={delivery.state === 'quarantined' ? 'fault' : delivery.state === 'partly' ? 'risk' : 'normal'}
            title={isRepeat ? 'The same file came before: nothing was done' : deliveryWords[delivery.state].word}
          >
            {delivery.reason ?? rowsInWords(delivery)}
          </Notice>
        )}
      </Stack>
    </Section>
  )
}

function wordsOf(file: File | null, isActive: boolean): string {
  if (!isActive) return 'The feed is switched off and takes no file.'
  return file ? `${file.name}, ${fixed(file.size / 1_000, file.size < 10_000 ? 1 : 0)} kB` : 'No file chosen'
}
