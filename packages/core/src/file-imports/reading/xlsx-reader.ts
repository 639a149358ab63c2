// A separate module: importing the package dynamically would bundle all of it, 340 KB instead of 46.
export { streamXlsxRows } from 'hucre/xlsx'
