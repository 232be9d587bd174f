import { ActionIcon, Button } from '@mantine/core'
import { Nothing } from '../../../shared/components/notice.tsx'
import type { NetworkDraft } from './network-draft.ts'
import { withNode, withoutNode } from './network-draft.ts'
import styles from './rehearsals.module.css'

interface NetworkNodesProps {
  draft: NetworkDraft
  fault: (field: string) => string | undefined
  onChange: (draft: NetworkDraft) => void
}

/** The made-up nodes of a pseudo-network: each with its name and the node above it. */
export function NetworkNodes({ draft, fault, onChange }: NetworkNodesProps) {
  const { nodes } = draft
  const set = (key: number, change: { name?: string; parentKey?: number | null }) =>
    onChange({ ...draft, nodes: nodes.map((node) => (node.key === key ? { ...node, ...change } : node)) })
  return (
    <div className={styles.nodes}>
      {nodes.length === 0 && <Nothing>No node yet.</Nothing>}
      {nodes.map((node, i) => (
        <fieldset key={node.key} className={styles.node}>
          <legend className="rm-sr-only">Node {i + 1}</legend>
          <label className={styles.part}>
            <span>Name</span>
            <input
              className="rm-select"
              value={node.name}
              maxLength={100}
              aria-invalid={fault(`node.${node.key}`) ? true : undefined}
              onChange={(event) => set(node.key, { name: event.currentTarget.value })}
            />
          </label>
          <label className={styles.part}>
            <span>Below</span>
            <select
              className="rm-select"
              value={node.parentKey ?? ''}
              onChange={(event) => {
                const { value } = event.currentTarget
                set(node.key, { parentKey: value === '' ? null : Number(value) })
              }}
            >
              <option value="">nothing: it is topmost</option>
              {nodes
                .filter((other) => other.key !== node.key)
                .map((other) => (
                  <option key={other.key} value={other.key}>
                    {other.name.trim() || 'a node without a name'}
                  </option>
                ))}
            </select>
          </label>
          {nodes.length > 1 && (
            <ActionIcon
              aria-label={`Remove node ${node.name.trim() || i + 1}`}
              onClick={() => onChange(withoutNode(draft, node.key))}
            >
              ×
            </ActionIcon>
          )}
          {fault(`node.${node.key}`) && (
            <span className={styles.fault} role="alert">
              {fault(`node.${node.key}`)}
            </span>
          )}
        </fieldset>
      ))}
      <span>
        <Button onClick={() => onChange(withNode(draft))}>Add a node</Button>
      </span>
    </div>
  )
}
