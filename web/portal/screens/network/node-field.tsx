import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { Field } from '../../../shared/components/fields.tsx'
import { nodesQuery } from '../../grid-queries.ts'
import { nodeKindWords } from './words.ts'

interface NodeFieldProps {
  label: string
  hint: string
  value: string
  fault: string | undefined
  onChange: (nodeId: string) => void
}

/** Chooses a node of the network by typing part of its name or identifier; the list follows what is typed. */
export function NodeField({ label, hint, value, fault, onChange }: NodeFieldProps) {
  const list = useId()
  const [text, setText] = useState(value)
  const [search] = useDebouncedValue(text, 200)
  const found = useQuery(nodesQuery({ search, limit: 30 })).data?.items ?? []
  const chosen = found.find((node) => node.nodeId === text)
  return (
    <>
      <Field
        label={label}
        hint={chosen ? `${chosen.name}, ${nodeKindWords[chosen.kind].toLowerCase()}` : hint}
        fault={fault}
        list={list}
        autoComplete="off"
        placeholder="Name or identifier"
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value)
          onChange(event.currentTarget.value)
        }}
      />
      <datalist id={list}>
        {found.map((node) => (
          <option key={node.nodeId} value={node.nodeId}>
            {node.name}, {nodeKindWords[node.kind].toLowerCase()}
          </option>
        ))}
      </datalist>
    </>
  )
}
