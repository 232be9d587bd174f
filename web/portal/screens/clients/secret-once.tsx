import { Copy } from '../../../shared/components/copy.tsx'
import { Notice } from '../../../shared/components/notice.tsx'
import styles from './clients.module.css'

/** A secret that the server has just made and will not tell again. */
export function SecretOnce({ clientId, secret }: { clientId: string; secret: string }) {
  return (
    <Notice tone="risk" title="The secret is shown only this once">
      <p>
        Pass it to whoever runs {clientId} by a safe way, before you leave this page. The server keeps a digest only.
      </p>
      <span className={styles.secret}>
        <code>{secret}</code> <Copy label="Copy the secret" text={secret} />
      </span>
    </Notice>
  )
}
