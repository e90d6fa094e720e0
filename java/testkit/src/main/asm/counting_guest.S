/*
 * A boot sector that counts on COM1, eight decimal digits a line, one line for each tick of the PC's
 * timer. The count is kept in memory, so a migrated guest goes on where it stopped. A machine with a
 * hard disk gets each line on its first sector too, before the line is printed.
 */
    .intel_syntax noprefix
    .code16
    .text

    .set COM1_DATA, 0x3f8
    .set COM1_LINE_STATUS, 0x3fd
    .set READY_TO_SEND, 0x20
    .set HARD_DISKS, 0x475              /* how many there are: a byte of the BIOS */
    .set WRITE_ONE_SECTOR, 0x0301
    .set FIRST_SECTOR, 0x0001
    .set FIRST_HARD_DISK, 0x0080

    .globl start
start:
    cli
    xor ax, ax
    mov ds, ax
    mov es, ax
    mov ss, ax
    mov sp, offset tick             /* the stack grows down from the code */
    cld
    sti

tick:
    hlt                             /* until the timer's next interrupt */
    mov bx, offset last_digit
carry:
    inc byte ptr [bx]
    cmp byte ptr [bx], '9'
    jbe write
    mov byte ptr [bx], '0'
    dec bx
    cmp bx, offset before_digits
    jne carry

write:
    cmp byte ptr [HARD_DISKS], 0
    je print
    mov ax, WRITE_ONE_SECTOR
    mov cx, FIRST_SECTOR
    mov dx, FIRST_HARD_DISK
    mov bx, offset line
    int 0x13                        /* waits for the disk, so a write that hangs stops the count */

print:
    mov si, offset line
next_character:
    mov dx, COM1_LINE_STATUS
wait_for_port:
    in al, dx
    test al, READY_TO_SEND
    jz wait_for_port
    mov dx, COM1_DATA
    lodsb
    out dx, al
    cmp al, '\n'
    jne next_character
    jmp tick

before_digits:
    .byte 0
line:
    .ascii "0000000"
last_digit:
    .ascii "0\r\n"

    .org 510
    .byte 0x55, 0xaa                /* marks a boot sector for the BIOS */

    .section .note.GNU-stack, "", @progbits
