import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import type { NetworkLayout } from '../../../../../schemas/grid/layouts.ts'
import { operations } from '../../../../../schemas/operations.ts'
import { api } from '../../../../shared/api/client.ts'
import { Choice, Field, Fields } from '../../../../shared/components/fields.tsx'
import { Notice } from '../../../../shared/components/notice.tsx'
import { Section } from '../../../../shared/components/page.tsx'
import { SaveProblem } from '../../../../shared/components/save-problem.tsx'
import { useUnsavedGuard } from '../../../../shared/components/unsaved-guard.ts'
import { count } from '../../../../shared/format/power.ts'
import { isSameData } from '../../../../shared/same-data.ts'
import { layoutsQuery } from '../../../grid-queries.ts'
import { useRefusal } from '../../../session.ts'
import { type LayoutDraft, type NodeDraft, newNode, readLayout } from './draft.ts'
import styles from './layouts.module.css'
import { NodeFields } from './node-fields.tsx'

interface LayoutFormProps {
  initial: LayoutDraft
  /** The version that the form begins with; `null` for a new layout. */
  version: string | null
  /** Names that a new layout cannot have. */
  taken: readonly string[]
  /** Begins again with what is stored. */
  onReload: () => void
}

/** How a list of nodes is read: by which headings it is known, and which column holds which value. */
export function LayoutForm({ initial: given, version, taken, onReload }: LayoutFormProps) {
  const [initial] = useState(given)
  // Whoever was faster in between is named, not overwritten.
  const [etag] = useState(version)
  const isNew = etag === null
  const [draft, setDraft] = useState(initial)
  const [tried, setTried] = useState(false)
  const refusal = useRefusal('planner')
  const queries = useQueryClient()
  const navigate = useNavigate()
  const release = useUnsavedGuard(!isSameData(initial, draft))
  const { body, faults } = readLayout(draft, taken)
  const save = useMutation({
    mutationFn: (layout: NetworkLayout) =>
      api.call(operations.saveLayout, { params: { name: draft.name }, body: layout, version: etag }),
    async onSuccess({ name }) {
      release()
      await queries.invalidateQueries({ queryKey: layoutsQuery.queryKey })
      await navigate({ to: '/network-layouts', search: { open: name } })
    },
  })
  const fault = (field: string) => (tried ? faults.get(field) : undefined)
  const set = (change: Partial<LayoutDraft>) => setDraft((before) => ({ ...before, ...change }))
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (body) save.mutate(body)
  }
  return (
    <form className={styles.form} onSubmit={onSubmit} noValidate>
      <Section title="The file">
        <FileFields draft={draft} isNew={isNew} fault={fault} set={set} />
      </Section>
      <Nodes nodes={draft.nodes} fault={fault} onChange={(nodes) => set({ nodes })} />
      {tried && faults.size > 0 && (
        <Notice tone="risk">{count(faults.size, 'field')} must be corrected before this can be saved.</Notice>
      )}
      {save.isError && <SaveProblem error={save.error} fields={[]} onReload={onReload} />}
      <span>
        <Button
          type="submit"
          variant="filled"
          loading={save.isPending}
          disabled={refusal !== null}
          title={refusal ?? undefined}
        >
          {isNew ? 'Add the layout' : 'Save the layout'}
        </Button>
      </span>
    </form>
  )
}

interface FileFieldsProps {
  draft: LayoutDraft
  isNew: boolean
  fault: (field: string) => string | undefined
  set: (change: Partial<LayoutDraft>) => void
}

function FileFields({ draft, isNew, fault, set }: FileFieldsProps) {
  return (
    <Fields>
      <Field
        label="Short name"
        readOnly={!isNew}
        hint={isNew ? 'Such as northern-secondaries. It cannot be changed later.' : undefined}
        fault={fault('name')}
        value={draft.name}
        onChange={(event) => set({ name: event.currentTarget.value.trim().toLowerCase() })}
      />
      <Field
        label="Title"
        fault={fault('title')}
        value={draft.title}
        onChange={(event) => set({ title: event.currentTarget.value })}
      />
      <Field
        label="Source"
        hint="Where the list comes from, such as the company’s open data."
        fault={fault('source')}
        value={draft.source}
        onChange={(event) => set({ source: event.currentTarget.value })}
      />
      <Field
        label="Known by"
        hint="Headings separated by semicolons: a file that has all of them has this layout."
        fault={fault('recognisedBy')}
        value={draft.recognisedBy}
        onChange={(event) => set({ recognisedBy: event.currentTarget.value })}
      />
      <Choice
        label="Empty cells"
        value={draft.emptyCells}
        onChange={(event) => set({ emptyCells: event.currentTarget.value as LayoutDraft['emptyCells'] })}
      >
        <option value="keep">say nothing: what is stored stays</option>
        <option value="clear">clear what is stored</option>
      </Choice>
    </Fields>
  )
}

interface NodesProps {
  nodes: readonly NodeDraft[]
  fault: (field: string) => string | undefined
  onChange: (nodes: NodeDraft[]) => void
}

/** The nodes that each row describes: its own, and those that it names as feeding it. */
function Nodes({ nodes, fault, onChange }: NodesProps) {
  return (
    <>
      {nodes.map((node, i) => (
        <NodeFields
          key={node.key}
          title={nodes.length === 1 ? 'What a row describes' : `Node ${i + 1} of each row`}
          node={node}
          fault={fault}
          onChange={(next) => onChange(nodes.map((each) => (each.key === node.key ? next : each)))}
          onRemove={nodes.length === 1 ? null : () => onChange(nodes.filter((each) => each.key !== node.key))}
        />
      ))}
      <span>
        <Button
          disabled={nodes.length >= 4}
          title={nodes.length >= 4 ? 'A row describes at most four nodes.' : undefined}
          onClick={() => onChange([...nodes, newNode()])}
        >
          Each row describes another node
        </Button>
      </span>
    </>
  )
}
