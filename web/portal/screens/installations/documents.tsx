import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import {
  type DocumentKind,
  documentType,
  type HubDocument,
  type Installation,
  mostDocumentBytes,
  type NewDocument,
} from '../../../../schemas/grid/installations.ts'
import { operations } from '../../../../schemas/operations.ts'
import { api } from '../../../shared/api/client.ts'
import { Choice, Field, Fields } from '../../../shared/components/fields.tsx'
import { Notice, ProblemNotice } from '../../../shared/components/notice.tsx'
import { Section } from '../../../shared/components/page.tsx'
import { TwoStep } from '../../../shared/components/two-step.tsx'
import { fixed } from '../../../shared/format/power.ts'
import { dayAndTime } from '../../../shared/format/time.ts'
import { installationQuery } from '../../grid-queries.ts'
import { useRefusal } from '../../session.ts'
import { base64Of, saveAs } from './files.ts'
import { documentWords } from './words.ts'

/** The documents of a hub: links and small files, those that were removed too. */
export function Documents({ installation: { hubId, documents } }: { installation: Installation }) {
  return (
    <Section title="Documents">
      {documents.length === 0 && <p className="rm-secondary">There are no documents yet.</p>}
      <ul style={{ listStyle: 'none', padding: 0, display: 'grid', gap: 8 }}>
        {documents.map((one) => (
          <li key={one.documentId}>
            <Line hubId={hubId} document={one} />
          </li>
        ))}
      </ul>
      <AddDocument hubId={hubId} />
    </Section>
  )
}

function Line({ hubId, document: one }: { hubId: string; document: HubDocument }) {
  const queries = useQueryClient()
  const params = { id: hubId, documentId: one.documentId }
  const remove = useMutation({
    mutationFn: () => api.call(operations.removeDocument, { params }),
    onSuccess: () => queries.invalidateQueries({ queryKey: installationQuery(hubId).queryKey }),
  })
  const fetchFile = useMutation({
    async mutationFn() {
      const { file, contentBase64 } = await api.call(operations.readDocument, { params })
      if (file && contentBase64 !== null) saveAs(file.name, file.type, contentBase64)
    },
  })
  const refusal = useRefusal('operator', 'planner')
  const isGone = one.removedAt !== null
  return (
    <>
      <strong>{one.title}</strong>, {documentWords[one.kind].toLowerCase()}, added by {one.addedBy} on{' '}
      {dayAndTime(one.addedAt)}
      {one.link && !isGone && (
        <>
          {': '}
          <a href={one.link} rel="noreferrer noopener" target="_blank">
            {one.link}
          </a>
        </>
      )}
      {one.file && (
        <span className="rm-secondary">
          {' '}
          ({one.file.name}, {fixed(one.file.bytes / 1024, 0)} kB, SHA-256 <code>{one.file.sha256.slice(0, 16)}…</code>)
        </span>
      )}
      {isGone ? (
        <span>
          . Removed by {one.removedBy} on {dayAndTime(one.removedAt ?? '')}.
        </span>
      ) : (
        <span style={{ display: 'flex', gap: 8 }}>
          {one.file && (
            <Button size="xs" loading={fetchFile.isPending} onClick={() => fetchFile.mutate()}>
              Download {one.file.name}
            </Button>
          )}
          <TwoStep
            label={`Remove ${one.title}`}
            consequence="Its content goes for good; its name and digest stay on record."
            refusal={refusal}
            action={remove}
          />
        </span>
      )}
    </>
  )
}

function AddDocument({ hubId }: { hubId: string }) {
  const [kind, setKind] = useState<DocumentKind>('method-statement')
  const [title, setTitle] = useState('')
  const [link, setLink] = useState('')
  const [file, setFile] = useState<File | null>(null)
  const queries = useQueryClient()
  const refusal = useRefusal('operator', 'planner')
  const add = useMutation({
    mutationFn: async () => {
      const body: NewDocument = { kind, title: title.trim(), link: file ? null : link.trim(), file: await fileOf(file) }
      return api.call(operations.addDocument, { params: { id: hubId }, body })
    },
    async onSuccess() {
      setTitle('')
      setLink('')
      setFile(null)
      await queries.invalidateQueries({ queryKey: installationQuery(hubId).queryKey })
    },
  })
  const tooLarge = file !== null && file.size > mostDocumentBytes
  const isReady = title.trim() !== '' && (file !== null || link.trim() !== '') && !tooLarge
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    if (isReady) add.mutate()
  }
  return (
    <form onSubmit={onSubmit} noValidate style={{ display: 'grid', gap: 16 }}>
      <Fields>
        <Choice label="Document" value={kind} onChange={(event) => setKind(event.currentTarget.value as DocumentKind)}>
          {Object.entries(documentWords).map(([value, words]) => (
            <option key={value} value={value}>
              {words}
            </option>
          ))}
        </Choice>
        <Field label="Title" maxLength={200} value={title} onChange={(event) => setTitle(event.currentTarget.value)} />
        <Field
          label="Link"
          type="url"
          value={link}
          disabled={file !== null}
          hint="Begins with https://. Or choose a file."
          onChange={(event) => setLink(event.currentTarget.value)}
        />
        <Field
          key={file === null ? 'none' : 'chosen'}
          label="File"
          type="file"
          accept={documentType.options.join(',')}
          hint="PDF, PNG, JPEG or plain text, at most 2 MB."
          onChange={(event) => setFile(event.currentTarget.files?.[0] ?? null)}
        />
      </Fields>
      {file && <p>Chosen: {file.name}</p>}
      {tooLarge && <Notice tone="fault">The file has more than 2 MB: add a link to it.</Notice>}
      {add.isError && <ProblemNotice error={add.error} />}
      <span>
        <Button
          type="submit"
          loading={add.isPending}
          disabled={refusal !== null || !isReady}
          title={refusal ?? undefined}
        >
          Add the document
        </Button>
      </span>
    </form>
  )
}

async function fileOf(file: File | null): Promise<NewDocument['file']> {
  if (!file) return null
  const type = documentType.safeParse(file.type).data ?? 'text/plain'
  return { name: file.name, type, contentBase64: base64Of(new Uint8Array(await file.arrayBuffer())) }
}
