//! The text around the ciphertext.

/// How every vaulted text begins.
pub(crate) const BEGIN: &str = "$ANSIBLE_VAULT;";

/// What is in the text. The parts are hexadecimal within hexadecimal.
pub(super) struct Envelope {
    pub(super) label: Option<String>,
    pub(super) salt: Vec<u8>,
    pub(super) code: Vec<u8>,
    pub(super) ciphertext: Vec<u8>,
}

impl Envelope {
    pub(super) fn read(text: &[u8]) -> Result<Self, &'static str> {
        const DAMAGED: &str = "the hexadecimal text of Ansible Vault is damaged";
        let text = text.trim_ascii();
        let end = text.iter().position(|byte| *byte == b'\n').ok_or("Ansible Vault's header stands alone")?;
        let (header, body) = text.split_at_checked(end).ok_or(DAMAGED)?;
        let label = label(header)?;
        let body: Vec<u8> = body.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
        let inner = unhex(&body).ok_or(DAMAGED)?;
        let mut parts = inner.splitn(3, |byte| *byte == b'\n').map(unhex);
        let mut part = || parts.next().flatten().filter(|part| !part.is_empty()).ok_or(DAMAGED);
        Ok(Self { label, salt: part()?, code: part()?, ciphertext: part()? })
    }
}

fn label(header: &[u8]) -> Result<Option<String>, &'static str> {
    let header = std::str::from_utf8(header).map_err(|_| "Ansible Vault's header is no text")?;
    let mut fields = header.trim().split(';');
    let (_, version, cipher, label) = (fields.next(), fields.next(), fields.next(), fields.next());
    match (version, cipher) {
        (Some("1.1" | "1.2"), Some("AES256")) => {}
        (Some("1.0"), _) => {
            return Err("format 1.0 of Ansible Vault: `ansible-vault rekey` makes the present one");
        }
        (Some("1.1" | "1.2"), _) => return Err("a cipher of Ansible Vault other than AES256"),
        _ => return Err("a format of Ansible Vault other than 1.1 and 1.2"),
    }
    Ok(label.filter(|_| version == Some("1.2")).map(str::to_owned))
}

fn unhex(text: &[u8]) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) {
        return None;
    }
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    text.chunks_exact(2)
        .map(|pair| match pair {
            [high, low] => Some(digit(*high)? << 4 | digit(*low)?),
            _ => None,
        })
        .collect()
}
