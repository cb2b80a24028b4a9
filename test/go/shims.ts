// The Go files that go around the compared programs. Programs of one batch become packages of one
// module, so that one link serves hundreds; what they print goes to a shared memory map, because a
// write to a pipe is a system call, in which the scheduler may take the processor away.

/** Prints as package fmt does, into the memory map that the variable COROSCOPE_OUTPUT names. */
export const fmtShim = `package fmt

import (
	"fmt"
	"io"
	"os"
	"sync/atomic"
	"syscall"
	"unsafe"
)

const size = 1 << 18

var output []byte

func init() {
	file, err := os.OpenFile(os.Getenv("COROSCOPE_OUTPUT"), os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o644)
	if err != nil {
		panic(err)
	}
	if err := syscall.Ftruncate(int(file.Fd()), size); err != nil {
		panic(err)
	}
	access := syscall.PROT_READ | syscall.PROT_WRITE
	output, err = syscall.Mmap(int(file.Fd()), 0, size, access, syscall.MAP_SHARED)
	if err != nil {
		panic(err)
	}
}

type Stringer = fmt.Stringer
type GoStringer = fmt.GoStringer

func write(text []byte) (int, error) {
	used := (*int64)(unsafe.Pointer(&output[0]))
	end := atomic.AddInt64(used, int64(len(text)))
	if end+8 <= size {
		copy(output[8+end-int64(len(text)):], text)
	}
	return len(text), nil
}

// Selected tells whether a package-level init function belongs to the program that was asked for.
func Selected(program string) bool { return os.Args[1] == program }

func Println(values ...any) (int, error) { return write(fmt.Appendln(nil, values...)) }
func Print(values ...any) (int, error)   { return write(fmt.Append(nil, values...)) }
func Printf(format string, values ...any) (int, error) {
	return write(fmt.Appendf(nil, format, values...))
}
func Sprint(values ...any) string               { return fmt.Sprint(values...) }
func Sprintln(values ...any) string             { return fmt.Sprintln(values...) }
func Sprintf(format string, values ...any) string { return fmt.Sprintf(format, values...) }
func Append(b []byte, values ...any) []byte { return fmt.Append(b, values...) }
func Fprint(w io.Writer, values ...any) (int, error) { return to(w, fmt.Append(nil, values...)) }
func Fprintln(w io.Writer, values ...any) (int, error) {
	return to(w, fmt.Appendln(nil, values...))
}
func Fprintf(w io.Writer, format string, values ...any) (int, error) {
	return to(w, fmt.Appendf(nil, format, values...))
}
func to(w io.Writer, text []byte) (int, error) {
	if w == os.Stdout {
		return write(text)
	}
	return w.Write(text)
}
func Appendln(b []byte, values ...any) []byte { return fmt.Appendln(b, values...) }
func Appendf(b []byte, format string, values ...any) []byte {
	return fmt.Appendf(b, format, values...)
}
func Errorf(format string, values ...any) error { return fmt.Errorf(format, values...) }
`;

/** \`cgo.Callback\`: from Go to C and back. */
export const cgoShim = `package cgo

/*
#include <stdint.h>
extern void coroscopeCallback(uintptr_t handle);
static inline void coroscopeCall(uintptr_t handle) { coroscopeCallback(handle); }
*/
import "C"

import "runtime/cgo"

// Callback calls C, which calls the function.
func Callback(function func()) {
	handle := cgo.NewHandle(function)
	defer handle.Delete()
	C.coroscopeCall(C.uintptr_t(handle))
}

//export coroscopeCallback
func coroscopeCallback(handle C.uintptr_t) {
	cgo.Handle(handle).Value().(func())()
}
`;

/** The program's text as a package of the batch, with \`Main\` for \`main\`. */
export function asPackage(source: string, name: string): string {
  const imports = [
    `fmt "programs/fmt"`,
    ...(source.includes('cgo.Callback') ? ['"programs/cgo"'] : []),
  ];
  return `${source
    .replace(/^package main$/m, `package ${name}\n\nimport (\n\t${imports.join('\n\t')}\n)`)
    .replace(/^\t"(?:fmt|cgo)"\n/gm, '')
    .replace(/^import "(?:fmt|cgo)"\n/gm, '')
    .replace(/^func main\(\)/m, 'func Main()')
    .replace(
      /^func init\(\) \{$/gm,
      `func init() {\n\tif !fmt.Selected("${name}") {\n\t\treturn\n\t}`,
    )}\nvar _ = fmt.Selected\n`;
}

/** The main package of a batch: it runs the package that its first argument names. */
export function batchMain(names: readonly string[]): string {
  const imports = names.map((name) => `\t"programs/${name}"\n`).join('');
  const cases = names.map((name) => `\tcase "${name}":\n\t\t${name}.Main()\n`).join('');
  return `package main

import (
	"os"

${imports})

func main() {
	switch os.Args[1] {
${cases}	default:
		os.Exit(99)
	}
}
`;
}
