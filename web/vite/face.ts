import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'
import { slimOperations } from './slim-operations.ts'
import { type Language, languageOf } from './texts/catalogue.ts'
import { inLanguage } from './texts/in-language.ts'

/**
 * Of the world's time zones the portals need one (schemas/vocabulary/time.ts), and they are 700 kB: the others are left out of the bundle.
 * The packed zones are strings such as `"Europe/London|LMT GMT BST …|…"`.
 */
function onlyTheSettlementZone(): Plugin {
  return {
    name: 'only-the-settlement-zone',
    transform(code, id) {
      if (!id.includes('js-joda-timezone.esm')) return null
      let kept = 0
      const slim = code.replaceAll(/"[A-Z][A-Za-z_/+-]*[^"|]*\|[^"]*",?/g, (entry) => {
        if (!entry.startsWith('"Europe/London|LMT')) return ''
        kept++
        return entry
      })
      if (kept !== 1) throw new Error(`@js-joda/timezone packs its zones in another way now: kept ${kept}, not 1`)
      return { code: slim, map: null }
    },
  }
}

/**
 * How a face is built.
 * @param root its folder, where `index.html` is.
 * @param language `null`: the English of the sources. By default what RINGMAIN_LANGUAGE names.
 */
export function face(root: string, language: Language | null = languageOf(root, process.env['RINGMAIN_LANGUAGE'])) {
  return defineConfig({
    root,
    plugins: [react(), onlyTheSettlementZone(), slimOperations(), ...(language ? [inLanguage(language)] : [])],
    build: {
      outDir: 'dist',
      emptyOutDir: true,
      target: 'es2023',
      reportCompressedSize: false,
      // Images inlined as data: would need their own permission in the content security policy.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      rolldownOptions: {
        output: {
          // zod probes whether it may make code from text, which the content security policy forbids and browsers report. It reads this
          // before its first schema is made, so it has to stand at the head of every chunk.
          intro: 'globalThis.__zod_globalConfig ??= { jitless: true };',
        },
      },
    },
  })
}
