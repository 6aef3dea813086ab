// SPDX-License-Identifier: Apache-2.0
// The keys of daemon.json, so that a misspelt one is told from one that Roost has no use for.
// Source: https://docs.docker.com/reference/cli/dockerd/#daemon-configuration-file

enum SettingsKeys {
    /// All that dockerd knows or knew.
    static let all: [String] = [
        "allow-nondistributable-artifacts", "api-cors-header", "authorization-plugins", "bip", "bip6",
        "bridge",
        "bridge-accept-fwmark", "builder", "cdi-spec-dirs", "cgroup-parent", "cluster-advertise",
        "cluster-store", "cluster-store-opts", "containerd", "containerd-namespace",
        "containerd-plugin-namespace", "cpu-rt-period", "cpu-rt-runtime", "cri-containerd", "data-root",
        "debug",
        "default-address-pools", "default-cgroupns-mode", "default-gateway", "default-gateway-v6",
        "default-ipc-mode", "default-network-opts", "default-runtime", "default-shm-size", "default-ulimits",
        "deprecated-key-path", "disable-legacy-registry", "dns", "dns-opts", "dns-search", "exec-opts",
        "exec-root",
        "experimental", "features", "firewall-backend", "fixed-cidr", "fixed-cidr-v6", "graph", "group",
        "host-gateway-ip", "host-gateway-ips", "hosts", "icc", "init", "init-path", "insecure-registries",
        "ip",
        "ip-forward", "ip-forward-no-drop", "ip-masq", "ip6tables", "iptables", "ipv6", "labels",
        "live-restore",
        "log-driver", "log-format", "log-level", "log-opts", "max-concurrent-downloads",
        "max-concurrent-uploads",
        "max-download-attempts", "metrics-addr", "mtu", "network-control-plane-mtu",
        "network-diagnostic-port",
        "no-new-privileges", "node-generic-resources", "oom-score-adjust", "pidfile", "proxies", "raw-logs",
        "registry-mirrors", "rootless", "runtimes", "seccomp-profile", "selinux-enabled", "shutdown-timeout",
        "storage-driver", "storage-opts", "swarm-default-advertise-addr", "swarm-raft-election-tick",
        "swarm-raft-heartbeat-tick", "tls", "tlscacert", "tlscert", "tlskey", "tlsverify", "userland-proxy",
        "userland-proxy-path", "userns-remap",
    ]

    /// The key that was meant, if one is near: at most a third of it is wrong.
    static func nearest(_ key: String) -> String? {
        let word = Array(key.utf8)
        guard word.count <= 64 else { return nil }
        var best: (key: String, distance: Int)?
        for candidate in all {
            let distance = distance(word, Array(candidate.utf8))
            if distance * 3 <= candidate.utf8.count, distance < best?.distance ?? .max {
                best = (candidate, distance)
            }
        }
        return best?.key
    }

    /// Insertions, deletions and replacements that make one of the other. See Wagner, Fischer (1974).
    private static func distance(_ one: [UInt8], _ other: [UInt8]) -> Int {
        var row = Array(0...other.count)
        for (i, byte) in one.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, otherByte) in other.enumerated() {
                let replaced = diagonal + (byte == otherByte ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(replaced, diagonal + 1, row[j] + 1)
            }
        }
        return row[other.count]
    }
}
