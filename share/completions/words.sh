# shellcheck shell=sh
# The words that can complete a command line, for the completions of all shells:
#
#     words.sh BIN options PROGRAM           prints a line for each option: OPTION <tab> ARGUMENT <tab> DESCRIPTION. ARGUMENT is
#                                            empty if the option takes none.
#     words.sh BIN arguments PROGRAM OPTION  prints the possible arguments of an option, one on each line; "<files>" and
#                                            "<directories>" stand for these. With an empty OPTION: the operands of PROGRAM.
#
# BIN is the folder that contains the programs. The options are read from --help, so that the two cannot differ.
set -eu

bin=$1

options() {
    "$bin/$1" --help 2>/dev/null | awk '
        !/^ +--/ { next }
        {
            sub(/^ +/, "")
            sub(/,$/, "")
            gap = match($0, /   *[^ ]/)
            left = gap ? substr($0, 1, gap - 1) : $0
            text = gap ? substr($0, gap) : ""
            sub(/^ +/, "", text)
            count = split(left, parts, /, /)
            for (i = 1; i <= count; i++) {
                space = index(parts[i], " ")
                option = space ? substr(parts[i], 1, space - 1) : parts[i]
                argument = space ? substr(parts[i], space + 1) : ""
                # An optional argument is only possible after "=".
                sub(/\[=.*/, "", option)
                # The help does not name the arguments of options that share a line, such as "--region, --profile".
                if (option ~ /^--(region|profile|endpoint-url)$/)
                    argument = toupper(substr(option, 3))
                if (argument ~ /^--/)
                    argument = ""
                if (!seen[option]++)
                    printf "%s\t%s\t%s\n", option, argument, text
            }
        }'
}

profiles() {
    for file in "${AWS_CONFIG_FILE:-${HOME:-}/.aws/config}" "${AWS_SHARED_CREDENTIALS_FILE:-${HOME:-}/.aws/credentials}"; do
        [ ! -f "$file" ] || sed -n 's/^\[ *\(.*[^ ]\) *\].*/\1/p' "$file" |
            sed -n '/^sso-session /d; /^services /d; s/^profile  *//; s/^"\(.*\)"$/\1/; p'
    done | sort -u
}

regions() {
    for file in "$bin/../share/prices.json" "$bin/../share/power-tune/prices.json"; do
        [ ! -f "$file" ] || jq -r '.regions | keys[]' "$file"
    done
}

# All run directories, and those of unfinished runs.
runs() {
    "$bin/power-tune" --runs 2>/dev/null | cut -f 1
}
unfinished() {
    "$bin/power-tune" --runs 2>/dev/null | sed -n 's/\t.*\tnot finished$//p'
}

# Decided by the name of the option if that tells more than the help does, otherwise by the name of its argument in the help.
arguments() {
    argument=$(options "$1" | awk -F '\t' -v option="$2" '$1 == option { print $2 }')
    case $2 in
    --power-values) echo ALL ;;
    --region) regions ;;
    --profile) profiles ;;
    --recover | --resume) unfinished && echo '<directories>' ;;
    '')
        case $1 in pt-gate | pt-report) runs ;; esac
        echo '<files>'
        ;;
    *)
        case $argument in
        *DIR*) echo '<directories>' ;;
        *FILE*) echo '<files>' ;;
        *[a-z0-9]'|'[a-z0-9]*) printf '%s\n' "$argument" | tr '|' '\n' ;;
        esac
        ;;
    esac
}

shift
"$@"
