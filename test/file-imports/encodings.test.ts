import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspectFile } from '@leads/core/file-imports/inspect-file'
import { createTextStream } from '@leads/core/file-imports/reading/decode-text'
import fc from 'fast-check'
import iconv from 'iconv-lite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

let directory: string
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'leads-test-encodings-'))
})
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const inspect = async (bytes: Buffer) => {
  const path = join(directory, 'file.csv')
  writeFileSync(path, bytes)
  return inspectFile(path)
}

describe('inspectFile', () => {
  test('a file that is no text is refused; a text with a stray control character is read', async () => {
    await expect(inspect(Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'))).rejects.toThrow(/not a text.*image/)
    await expect(inspect(Buffer.from('MZ\0\0\x03\0\0\0\x04\0\0\0'.repeat(20)))).rejects.toThrow(/not a text/)
    expect(await inspect(Buffer.from('Name;Mail\nAda\x03;ada@berg.example\n'))).toMatchObject({ encoding: 'utf-8' })
  })

  test.each([
    ['windows-1252', 'Name;Ort\nGünter Weißkopf;Köln\nHélène Fabré;Orléans\n'],
    ['windows-1252', 'Nombre;Ciudad\nÍñigo Muñoz;Logroño\n'],
    ['windows-1252', 'Name;By\nSøren Ødegård;Tromsø\n'],
    ['windows-1252', 'Name;Preis\nMüller “Bau”;5 €\n'],
    ['cp850', 'Name;Ort\nGünter Weißkopf;Köln\nHélène Fabré;Orléans\n'],
    ['cp850', 'Name;Ort\nMüller;x\n'],
    ['windows-1251', 'Имя;Город\nПётр Зимин;Москва\nАнна Рябова;Казань\n'],
    ['windows-1251', 'Name;City\nАнна;Москва\n'],
    ['koi8-r', 'Имя;Город\nПавел Зимин;Москва\n'],
    ['shift_jis', '氏名,会社\n山本一郎,株式会社見本\n田中花,東京\n'],
    ['shift_jis', 'Name,City\n山本一郎,東京\n'],
    ['euc-jp', '氏名,フリガナ\n山本一郎,ヤマモト イチロウ\n田中はな,タナカ ハナ\n'],
    ['gb18030', '姓名,公司\n王小明,北京样本有限公司\n李华,上海\n'],
    ['big5', '姓名,公司\n陳小明,台北樣本公司\n林美,高雄\n'],
    ['euc-kr', '이름,회사\n김민수,서울견본\n이영,부산\n'],
    ['windows-1250', 'Imię;Miasto\nŁucja Wiśnik;Łódź\nZażółć;Kraków\n'],
    ['windows-1250', 'Jméno;Město\nŽofie Dvořáková;Plzeň\nJiří Řezníček;Třebíč\n'],
    ['iso-8859-2', 'Imię;Miasto\nŚwiętosława Gęś;Kraśnik\n'],
    ['windows-1253', 'Όνομα;Πόλη\nΓιώργος Νικολάου;Αθήνα\n'],
    ['windows-1254', 'Ad;Şehir\nAyşe Yıldız;İstanbul\n'],
  ])('%s is detected in %j without a hint', async (encoding, text) => {
    expect(await inspect(iconv.encode(text, encoding))).toMatchObject({ encoding, sample: text, foreign_bytes: 0 })
  })

  test.each(['utf-16le', 'utf-16be'])('%s without a byte order mark is detected, also in Chinese', async (encoding) => {
    const text = '姓名,公司\n王小明,北京样本有限公司\n'
    expect(await inspect(iconv.encode(text, encoding))).toMatchObject({ encoding, sample: text })
  })

  test('single foreign bytes in UTF-8 are read as Windows-1252, and the rest stays UTF-8', async () => {
    const text = 'Name;Ort\nGünter Weißkopf;Köln\nGünter Weißkopf;Köln\n'
    const bytes = Buffer.concat([Buffer.from(text), Buffer.from('Hélène Fabré;Orléans\n', 'latin1')])
    expect(await inspect(bytes)).toMatchObject({
      encoding: 'utf-8',
      foreign_bytes: 4,
      sample: `${text}Hélène Fabré;Orléans\n`,
    })
  })
})

describe('createTextStream', () => {
  const text = 'Zoë Müller 李雷 😀,Köln\n'.repeat(20)
  test.each(['utf-8', 'utf-16le', 'windows-1252', 'shift_jis', 'cp850'])(
    'a text in %s is the same, wherever its chunks are cut',
    async (encoding) => {
      const bytes = iconv.encode(text, encoding)
      const whole = iconv.decode(bytes, encoding)
      await fc.assert(
        fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 8 }), async (cuts) => {
          const stream = await createTextStream(encoding)
          const ends = [...cuts.sort((a, b) => a - b), bytes.length]
          let start = 0
          let read = ''
          for (const end of ends) {
            read += stream.write(bytes.subarray(start, end))
            start = end
          }
          expect(read + stream.end()).toBe(whole)
        }),
        { numRuns: 30 },
      )
    },
  )

  test('an unknown encoding is refused', async () => {
    await expect(createTextStream('ebcdic-x')).rejects.toThrow(RangeError)
  })
})
